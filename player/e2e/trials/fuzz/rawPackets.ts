import * as fc from 'fast-check';

const events = ['room.join', 'room.leave', 'chat.post', 'connect', 'disconnect', 'error', 'connect_error', 'newListener', '__proto__', ''];
const namespaces = ['', '/', '/live,', '/live', '/nope,', '/live?token=x,', '/%2e%2e,', `/${'n'.repeat(5000)},`];
const types = ['0', '1', '2', '3', '4', '5', '6', '7', '40', '41', '42', '43', '44', '45', '46', '47', '4', 'b', '9', '-1', ''];

const body = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.tuple(fc.constantFrom(...events), fc.jsonValue({ maxDepth: 2 })).map(([name, data]) => JSON.stringify([name, data])),
  fc.constantFrom('', '[', '["', '[]', '{}', 'null', '[null]', '[1]', '[{}]', '["x",{"_placeholder":true,"num":0}]', '["x",{"_placeholder":true,"num":-1}]', '["room.join",{"ticket":{"_placeholder":true,"num":1e9}}]', '{"__proto__":{"a":1}}'),
  fc.integer({ min: 1, max: 40_000 }).map((depth) => `["chat.post",${'['.repeat(depth)}${']'.repeat(depth)}]`),
  fc.integer({ min: 1, max: 120_000 }).map((length) => `["chat.post",{"text":"${'x'.repeat(length)}"}]`),
  fc.string({ maxLength: 300, unit: 'binary' }),
);

const numbers = fc.constantFrom('', '', '0', '7', '99999999999999999999', '-5', '1.5', '٣', '9'.repeat(2000));
const attachments = fc.constantFrom('', '', '0-', '1-', '2-', '10-', '11-', '1000000000-', '-1-', '9'.repeat(500) + '-', 'x-');

/** Frames that no client of engine.io or Socket.IO sends. */
export const rawFrames: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom(...types), attachments, fc.constantFrom(...namespaces), numbers, body).map((parts) => parts.join('')), weight: 8 },
  { arbitrary: fc.string({ maxLength: 100, unit: 'binary' }), weight: 2 },
  { arbitrary: fc.uint8Array({ maxLength: 3000 }).map((bytes) => new Uint8Array(bytes)), weight: 1 },
  { arbitrary: fc.constantFrom('2probe', '3probe', '5', '6', '2', '3', '1', '42/live,["room.leave"]', '41/live,', '40/live,', '40/live,{"token":{}}', 'x'.repeat(300_000)), weight: 2 },
);

export interface RawRequest {
  method: string;
  path: string;
  body: string;
}

const queries = fc.constantFrom('EIO=4&transport=polling', 'EIO=4&transport=polling&sid=nope', 'EIO=3&transport=polling', 'EIO=99&transport=polling', 'transport=carrier-pigeon', 'EIO=4&transport=websocket', 'EIO=4&transport=polling&sid[]=1&sid[]=2', 'EIO=4&transport=__proto__', 'EIO=4&transport=polling&j=1', '', 'EIO=4&transport=polling&b64=1&t=%00');

/** Requests to engine.io's polling transport. */
export const pollingRequests: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'OPTIONS', 'PUT', 'DELETE'),
  path: fc.tuple(fc.constantFrom('/socket.io/', '/socket.io', '/socket.io//', '/socket.io/x', '/socket.io/%2e%2e/'), queries).map(([path, query]) => `${path}?${query}`),
  body: fc.oneof(fc.constant(''), body, fc.array(body, { maxLength: 5 }).map((packets) => packets.map((packet) => `4${packet}`).join('\u001e')), fc.constantFrom(0.1, 1, 3).map((megabytes) => 'x'.repeat(megabytes * 2 ** 20))),
});
