// Prints what bin/build wants to know of package.json (and of static.json): names and values in turn, each ended by a
// zero byte. What package.json does not say is empty.
const fs = require("fs");

const read = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {});
const p = read("package.json");
const scripts = p.scripts || {};
const count = (...groups) => groups.reduce((sum, group) => sum + Object.keys(group || {}).length, 0) || "";

const facts = {
    engine: p.engines && p.engines.node,
    manager: p.packageManager,
    dependencies: count(p.dependencies, p.devDependencies, p.optionalDependencies, p.workspaces),
    development: count(p.devDependencies),
    main: p.main && fs.existsSync(p.main) && p.main,
    site: read("static.json").root,
};
for (const name of ["prebuild", "build", "postbuild", "prestart", "start"]) facts[name] = scripts[name];
for (const [name, value] of Object.entries(facts)) process.stdout.write(`${name}\0${value || ""}\0`);
