// Stands in for @vscode/native-watchdog, which would have to be compiled. It ends an extension host
// whose server has died; the harness ends the whole process group instead.
exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
