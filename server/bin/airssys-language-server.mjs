#!/usr/bin/env node
// The language server, for editors.
import { start } from "./start.mjs";

await start("main");
