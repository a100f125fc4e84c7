import * as z from 'zod';
import { chatBurstLimit, chatBurstWindowMs, chatHistoryLimit, errorCodes, joinTicketSeconds, maxChatTextLength } from '#engine/contract';
import * as limits from '../contract/limits.ts';
import { pushes, requests, signalingNamespace } from '../contract/index.ts';

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  default?: unknown;
  description?: string;
  additionalProperties?: JsonSchema | boolean;
}

const introduction = `# The room protocol

How a browser, or any other client, takes part in a live lecture. It travels over Socket.IO 4 in the namespace
\`${signalingNamespace}\`; one socket is one participant in one room. The tables below are made from the zod tables in
\`signaling/contract\`, which the server enforces; a test holds this document to them.

## The course of a conversation

1. \`POST /api/v1/live/join\` with an access token answers a **ticket** (valid for ${joinTicketSeconds} s) and the ICE servers.
2. Connect, then send \`room.join\` with the ticket within ${limits.joinTimeoutMs / 1000} s. The answer is the whole room: people, tracks, chat,
   state, and the router's RTP capabilities for mediasoup-client's \`Device.load\`. What happens later comes as pushes;
   nothing is lost in between.
3. To watch: \`transport.open\` \`{ direction: "recv" }\`, make the receiving transport with its parameters, answer its
   \`connect\` event with \`transport.connect\`; then for each publication \`track.subscribe\`, consume with the parameters
   of the answer, and \`subscription.setPaused\` \`{ isPaused: false }\` once the track is attached.
4. To present: join \`as: "presenter"\`, open a \`send\` transport, and answer its \`produce\` event with \`track.publish\`.
5. After any disconnection, start again at 1: a ticket lets in once. The lecture, its chat and its recording go on.

## Answers and errors

Every request carries an acknowledgement callback, which gets \`{ ok: true, data }\` or
\`{ ok: false, error: { code, message, retryAfterMs?, incidentId? } }\`. \`message\` is a sentence for people; \`code\` is one of

${errorCodes.map((code) => `\`${code}\``).join(', ')}.

Everything but \`room.join\` answers \`auth.required\` until the room is joined.

## Limits

| what | limit |
|---|---|
| one packet | ${limits.maxPacketBytes / 1024} KiB; a larger one ends the connection |
| requests of one connection | ${limits.requestsPerSecond} a second, ${limits.requestBurst} at once, then \`request.tooFrequent\` |
| malformed or unknown requests | ${limits.maxInvalidRequests}, then the connection is closed |
| joining | within ${limits.joinTimeoutMs / 1000} s of connecting; on a full server, those in no room give way to who comes, the oldest first |
| pages of one person in one room | ${limits.maxPagesPerUser}; one presents, and the newest wins |
| raising one's hand | ${limits.handRaiseBurst} times at once, then every ${limits.handRaiseIntervalMs / 1000} s |
| chat | ${chatBurstLimit} messages in ${chatBurstWindowMs / 1000} s, ${maxChatTextLength} characters each |
| chat history on joining | the newest ${chatHistoryLimit} messages |
| people listed on joining, and told of one by one | ${limits.rosterLimit}; beyond, \`roster.list\` and \`roster.counted\` |

Times ending in \`Ms\` are milliseconds; \`atMs\` and \`lectureClockMs\` are on the lecture's clock, which starts at 0 when the
lecture starts and never runs backwards.
`;

/** The text of PROTOCOL.md. */
export function renderProtocol(): string {
  const asked = Object.entries(requests).map(([name, { summary, request, ack }]) => `### \`${name}\`\n\n${summary}\n\n${table('Request', request)}${table('Answer', ack)}`);
  const told = Object.entries(pushes).map(([name, { summary, data }]) => `### \`${name}\`\n\n${summary}\n\n${table('Data', data)}`);
  return `${introduction}\n## Requests\n\n${asked.join('')}## Pushes\n\n${told.join('')}`.trimEnd() + '\n';
}

function table(title: string, schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const rows = fields(json, '', 0);
  if (rows.length === 0) return `${title}: \`{}\`\n\n`;
  return `${title}:\n\n| field | type |\n|---|---|\n${rows.map(([name, type]) => `| \`${name}\` | ${type} |`).join('\n')}\n\n`;
}

/** Two levels deep; WebRTC's own objects are named, not unfolded. */
function fields(schema: JsonSchema, prefix: string, depth: number): [string, string][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, string][] => {
    const isOptional = !schema.required?.includes(name);
    const path = `${prefix}${name}${isOptional ? '?' : ''}`;
    const own: [string, string] = [path, describe(name, field)];
    if (depth > 0 || isWebRtc(name)) return [own];
    const inner = field.type === 'array' ? field.items : (field.anyOf?.find(({ properties }) => properties) ?? field);
    if (!inner?.properties) return [own];
    return [own, ...fields(inner, `${prefix}${name}${field.type === 'array' ? '[]' : ''}.`, depth + 1)];
  });
}

function isWebRtc(name: string): boolean {
  return /^(rtp|dtls|ice)|parameters$/i.test(name);
}

function describe(name: string, schema: JsonSchema): string {
  const bounds = boundsOf(schema);
  const byDefault = schema.default === undefined ? '' : `, by default \`${JSON.stringify(schema.default)}\``;
  const note = schema.description ? `. ${schema.description}` : '';
  return `${typeOf(name, schema)}${bounds}${byDefault}${note}`;
}

function typeOf(name: string, schema: JsonSchema): string {
  if (isWebRtc(name)) return 'object of mediasoup-client';
  if (schema.anyOf) return schema.anyOf.map((option) => typeOf('', option)).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const prefix = schema.pattern?.match(/^\^([a-z]{3})_/)?.[1];
  if (prefix) return `id \`${prefix}_…\``;
  if (schema.format === 'date-time') return 'instant, ISO 8601 UTC';
  if (schema.type === 'array') return `array of ${typeOf('', schema.items ?? {})}`;
  return String(schema.type ?? 'any');
}

function boundsOf({ type, minimum, maximum, minLength, maxLength }: JsonSchema): string {
  if (type === 'integer' && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return ` ${Math.max(minimum ?? 0, 0)} to ${maximum}`;
  if (type === 'string' && maxLength !== undefined) return ` of ${minLength ?? 0} to ${maxLength} characters`;
  return '';
}
