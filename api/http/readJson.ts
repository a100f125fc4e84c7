import type { NextFunction, Request, Response } from 'express';
import { maxBodyBytes, maxJsonDepth } from '../limits.ts';
import { readBody } from './readBody.ts';
import { RequestError } from './RequestError.ts';

const jsonTypes = ['application/json', 'application/*+json'];

/** Parses a JSON body of at most `maxBytes`. A body nested too deep is refused before it is parsed. */
export function readJson(maxBytes = maxBodyBytes) {
  return async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    if (typeof request.is(jsonTypes) === 'string') request.body = parseJson(await readBody(request, maxBytes));
    next();
  };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (depthOf(body) > maxJsonDepth) throw new RequestError([{ path: '', message: `The body is nested more than ${maxJsonDepth} deep.` }]);
  try {
    return JSON.parse(decoder.decode(body)) as unknown;
  } catch {
    throw new RequestError([{ path: '', message: 'The body is not JSON.' }]);
  }
}

/** JSON is UTF-8 (RFC 8259 §8.1). */
const decoder = new TextDecoder('utf-8', { fatal: true });

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
