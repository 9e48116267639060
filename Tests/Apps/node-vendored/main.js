const fs = require("fs");
const http = require("http");
const greeting = require("greeting");

http.createServer((request, response) => response.end(`${greeting}, ${fs.readFileSync("built.txt")}`))
    .listen(process.env.PORT, "0.0.0.0");
