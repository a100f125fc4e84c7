import { describe, expect, it } from 'vitest';
import { readStreamKey } from './readStreamKey.ts';

const key = 'sk_0123456789abcdefghjkmnpqrs';
const asRequest = (app: string, name: string, tcUrl = `rtmp://host:1935/${app}`) => ({ app, name, tcUrl });

describe('readStreamKey', () => {
  it.each([
    ['as the course page shows them', asRequest('live', key)],
    ['a slash after the server', asRequest('live/', key)],
    ['a slash before and after the key', asRequest('live', `/${key}/`)],
    ['a space before the key', asRequest('live/', ` ${key}`)],
    ['a line break after the key', asRequest('live', `${key}\r\n`)],
    ['a line break inside the key', asRequest('live', `${key.slice(0, 12)}\n ${key.slice(12)}`)],
    ['invisible characters around the key', asRequest('live', `\u200b\u202a${key}\ufeff`)],
    ['quotation marks around the key', asRequest('live', `“${key}”`)],
    ['the server in capitals', asRequest('LIVE', key)],
    ['the key in capitals', asRequest('live', key.toUpperCase())],
    ['the letters O and l for the digits 0 and 1', asRequest('live', key.replace('01', 'Ol'))],
    ['percent-encoding', asRequest('live%2F', `%20${key.replace('_', '%5F')}%0A`)],
    ['percent-encoding twice', asRequest('live', key.replace('_', '%255F'))],
    ['percent signs that encode nothing', asRequest('live', `${key}%zz`)],
    ['the key behind the server, and an empty key', asRequest(`live/${key}`, '')],
    ['the key in the field of the server', asRequest(key, 'live')],
    ['the key in the address only', asRequest('', '', `rtmp://host/live/${key}`)],
    ['the whole address in the field of the key', asRequest('live', `rtmp://host/live/${key}`)],
    ['server and key in the field of the key', asRequest('live', `live ${key}`)],
    ['another word behind the key', asRequest('live', `${key} live`)],
    ['a server without a path', asRequest('', key, 'rtmp://host')],
    ['a server with another path', asRequest('app', key)],
    ['the path twice', asRequest('live/live', key)],
    ['a query behind the key', asRequest('live', `${key}?backup=1`)],
    ['the key as a query of the server', asRequest(`live?key=${key}`, 'stream')],
  ])('finds the key: %s', (_, request) => {
    expect(readStreamKey(request)).toEqual({ key });
  });

  it.each([
    ['no key', asRequest('live', ''), 'The stream key is missing'],
    ['the server in place of the key', asRequest('live', 'live'), 'The stream key is missing'],
    ['an address in place of the key', asRequest('live', 'rtmp://host/live'), 'holds the address of a server'],
    ['a key that was cut', asRequest('live', key.slice(0, 20)), 'has 20 characters instead of 29'],
    ['a key that is too long', asRequest('live', `${key}00`), 'has 31 characters instead of 29'],
    ['a key of another service', asRequest('live', 'abcd-efgh-1234'), 'begins with sk_ and has 29 characters'],
  ])('says what is wrong: %s', (_, request, problem) => {
    const reading = readStreamKey(request);
    expect(reading.problem).toContain(problem);
    expect(reading.problem).toContain('Copy the server and the stream key from the course page.');
  });

  it('repeats nothing of what was typed', () => {
    for (const name of ['secret', `${key.slice(0, 20)}`, `rtmp://host/${key.slice(0, 25)}`]) {
      expect(readStreamKey(asRequest('hidden', name)).problem).not.toMatch(/secret|hidden|sk_0|host/);
    }
  });
});
