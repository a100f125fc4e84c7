/**
 * Characters that show nothing, or that change how others are shown: controls, direction and other format characters, private
 * use, unassigned ones, half surrogate pairs, and letters without a shape. The joiners of Persian, Indic scripts and emoji stay.
 */
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
const lineBreaks = /[\n\r\t\u2028\u2029]/gu;
/** Marks beyond those that a letter has in any script (a Tibetan stack has eight): piled up, they cover the lines around it. */
const piledMarks = /([\p{M}\u200c\u200d]{8})[\p{M}\u200c\u200d]+/gu;
/** A letter, digit, punctuation mark or symbol. */
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Text in one line, for names and titles. Empty if it shows nothing. */
export function cleanLine(text: string): string {
  const shown = text.replace(lineBreaks, ' ').replace(hidden, '').replace(piledMarks, '$1').replace(/\s+/gu, ' ').trim().normalize('NFC');
  return visible.test(shown) ? shown : '';
}

/** Text with line breaks, for descriptions and messages. Empty if it shows nothing. */
export function cleanText(text: string): string {
  const printable = text.replace(hidden, (character) => (character === '\n' || character === '\t' ? character : ''));
  const shown = printable.replace(piledMarks, '$1').trim();
  return visible.test(shown) ? shown : '';
}
