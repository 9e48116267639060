<?php
echo "Hello from PHP at ", $_SERVER["REQUEST_URI"], "\n";
