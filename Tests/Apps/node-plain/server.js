const http = require("http");

http.createServer((request, response) => response.end(`Hello from Node in ${process.env.NODE_ENV}\n`))
    .listen(process.env.PORT, "0.0.0.0", () => console.log("listening"));
