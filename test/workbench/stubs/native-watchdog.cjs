// Takes the place of @vscode/native-watchdog, which is not compiled for the stand-in. The original ends an orphaned extension
// host; here orphan-watch.mjs does.
"use strict";

exports.start = () => {};
