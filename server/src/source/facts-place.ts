/** Where facts are kept when nothing else is said, below the folder that is checked or open. */
export const FACTS_PLACE = "node_modules/.cache/airssys/facts.bin";
