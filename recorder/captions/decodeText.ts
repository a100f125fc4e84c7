/** Names of encodings as `TextDecoder` has them. */
export type CaptionEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * The text of a file whose encoding nobody says: by its byte order mark, by the zero bytes of UTF-16, else as UTF-8, or as Windows-1252
 * if it is no valid UTF-8. It never fails; bytes that the encoding does not have become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: CaptionEncoding } {
  const encoding = markedEncoding(bytes) ?? unmarkedUtf16(bytes);
  if (encoding !== undefined) return { text: new TextDecoder(encoding).decode(bytes), encoding };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

function markedEncoding([first, second, third]: Uint8Array): CaptionEncoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** A caption file begins with ASCII: a number, or `WEBVTT`. */
function unmarkedUtf16([first, second, third, fourth]: Uint8Array): CaptionEncoding | undefined {
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return 'utf-16le';
  if (first === 0 && third === 0 && second !== 0 && fourth !== 0) return 'utf-16be';
  return undefined;
}
