// Stands in for @vscode/spdlog, which would have to be compiled: VS Code writes no log files.
const logger = {
  setLevel() {},
  setPattern() {},
  clearFormatters() {},
  getLevel: () => 2,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  flush() {},
  drop() {},
};
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async () => logger;
exports.createAsyncRotatingLogger = async () => logger;
