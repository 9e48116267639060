const fs = require("fs");

fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/index.html", "<h1>Hello from a site that Node built</h1>\n");
