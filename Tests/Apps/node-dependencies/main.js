const http = require("http");
const greeting = require("greeting");

http.createServer((request, response) => response.end(`${greeting}\n`)).listen(process.env.PORT, "0.0.0.0");
