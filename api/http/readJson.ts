import express from 'express';
import { RequestError } from './RequestError.ts';

const maxBodyBytes = 256 * 1024;
/** No form of ours nests deeper than a handful. */
const maxDepth = 32;

/** Parses a JSON body of at most 256 kB; what is nested too deep is refused before it is parsed. */
export const readJson = express.json({
  limit: maxBodyBytes,
  type: ['application/json', 'application/*+json'],
  verify: (_request, _response, body) => {
    if (depthOf(body) > maxDepth) throw new RequestError([{ path: '', message: `The body is nested more than ${maxDepth} deep.` }]);
  },
});

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('"\\{}[]');

function depthOf(json: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (isInString) {
      if (byte === backslash) i += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === openBrace || byte === openBracket) deepest = Math.max(deepest, (depth += 1));
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return deepest;
}
