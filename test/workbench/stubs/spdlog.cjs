// Takes the place of @vscode/spdlog, the native log writer, which is not compiled for the stand-in: plain appends, so that
// the log files of VS Code still appear.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const LEVELS = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
  constructor(file) {
    this.file = file;
    this.level = LEVELS.indexOf("info");
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }
  setLevel(level) {
    this.level = level;
  }
  write(level, text) {
    if (level < this.level) return;
    try {
      fs.appendFileSync(this.file, `${new Date().toISOString()} [${LEVELS[level]}] ${text}\n`);
    } catch {
      // The profile folder was removed already: there is nobody left to read the line.
    }
  }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}

for (const [level, name] of LEVELS.entries()) {
  Logger.prototype[name] = function (text) {
    this.write(level, text);
  };
}

// One assignment each: VS Code imports these by name, and Node finds the names of a CommonJS module by reading its text.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.createRotatingLogger = async (_name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (_name, file) => new Logger(file);
exports.Logger = Logger;
