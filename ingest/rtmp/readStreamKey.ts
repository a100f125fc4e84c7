import { rtmpApp } from '../contract/index.ts';
import { keyLength, keyPrefix, normalizedKey } from '../keys/streamKeyText.ts';
import type { PublishRequest } from './RtmpProtocol.ts';

/** Encoding an address twice is a mistake of programs, three times of nobody. */
const maxEncodings = 2;
/** Spaces and line breaks, invisible and direction-control characters, and quotation marks: whatever copying adds. */
const copiedAlong = /[\s\p{C}\p{Z}"'`<>‘’“”«»]/gu;
const partialKeyPattern = new RegExp(`${keyPrefix}[0-9a-tv-z]*`, 'i');
const copyIt = 'Copy the server and the stream key from the course page.';

export type StreamKeyReading = { key: string; problem?: undefined } | { key?: undefined; problem: string };

/**
 * Finds the stream key in what a person has typed as server and stream key, whichever field holds it and whatever surrounds
 * it. The key alone names the course, so the rest of the address does not matter. Otherwise says what is wrong, without
 * repeating anything that may be a key.
 */
export function readStreamKey({ app, tcUrl, name }: PublishRequest): StreamKeyReading {
  const fields = [decoded(name), decoded(app), decoded(tcUrl)];
  // A line break may separate a key from something else, or divide it.
  const readings = [...fields.map((field) => field.replace(copiedAlong, ' ')), ...fields.map(withoutCopiedAlong)];
  for (const reading of readings) {
    const key = normalizedKey(reading);
    if (key !== undefined) return { key };
  }
  const [typed = '', ...server] = fields.map(withoutCopiedAlong);
  return { problem: problemOf({ typed, server: server.join('/') }) };
}

/** The first that applies: the stream key is cut, missing, the address of a server, or another text. */
function problemOf({ server, typed }: { server: string; typed: string }): string {
  const partialKey = [typed, server].map((field) => field.match(partialKeyPattern)?.[0]).find((found) => found !== undefined);
  if (partialKey) return `The stream key has ${partialKey.length} characters instead of ${keyLength}. ${copyIt}`;
  if (typed === '' || typed.toLowerCase() === rtmpApp) return `The stream key is missing: the field Stream Key is empty or repeats the server. ${copyIt}`;
  if (typed.includes('://')) return `The field Stream Key holds the address of a server. ${copyIt}`;
  return `The field Stream Key does not hold a stream key of this server, which begins with ${keyPrefix} and has ${keyLength} characters. ${copyIt}`;
}

function withoutCopiedAlong(text: string): string {
  return text.replace(copiedAlong, '');
}

/** Without percent-encoding. Text that is no valid encoding is left as it is. */
function decoded(text: string): string {
  let result = text;
  for (let round = 0; round < maxEncodings; round += 1) {
    result = result.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
      try {
        return decodeURIComponent(encoded);
      } catch {
        return encoded;
      }
    });
  }
  return result;
}
