/** What was probably meant: the word with the fewest edits between. */

/** @returns the word at most three edits away, and fewer than half its length; `undefined` when there is none. */
export function closestWord(words: readonly string[], written: string): string | undefined {
  const ranked = words
    .map((word) => ({ word, edits: editDistance(word.toLowerCase(), written.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= 3 && edits * 2 <= word.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.word;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitute));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
