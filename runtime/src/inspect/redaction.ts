/** Which fields of what a program says stay in the program: what is in them is for nobody to see. */

/** Whether a field of that name is hidden: its name contains one of the words, whatever the case. */
export type Redaction = (name: string) => boolean;

export function redactionOf(words: readonly string[]): Redaction {
  const wanted = words.map((word) => word.toLowerCase());
  return (name) => {
    const lower = name.toLowerCase();
    return wanted.some((word) => lower.includes(word));
  };
}
