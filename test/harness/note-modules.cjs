// Preloaded into a process under test: appends each module that it or one of its threads asks for to a file.
const { appendFileSync } = require("node:fs");
const Module = require("node:module");

const load = Module._load;
Module._load = function (request, ...rest) {
  appendFileSync(process.env.LOADED_MODULES, `${request}\n`);
  return load.call(this, request, ...rest);
};
