/** How a program is told to record itself. Leaf: read by whoever starts a system. */

/**
 * Environment variable: the file that the program writes its recording to, or a folder for it. Child processes do not get it, unless it is a
 * folder: each has a file of its own there.
 */
export const ENV_RECORD = "AIRSSYS_RECORD";
/** Environment variable: `1` records what is in messages and in answers, not their types alone. */
export const ENV_RECORD_VALUES = "AIRSSYS_RECORD_VALUES";
/** Environment variable: words, parted by commas. Fields with one of them in their names are not recorded, beside those that never are. */
export const ENV_REDACT = "AIRSSYS_REDACT";
