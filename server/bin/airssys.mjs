#!/usr/bin/env node
// `airssys check`.
import { start } from "./start.mjs";

await start("cli");
