import * as z from 'zod';
import { JoinTicket, LectureView } from '#api/contract';
import {
  ChatMessage,
  DtlsParameters,
  IceCandidate,
  IceParameters,
  IceServer,
  IngestHealth,
  Lecture,
  Participant,
  Publication,
  RecordingNote,
  RtpCapabilities,
  RtpParameters,
} from '#engine/contract';
import { pushes, requests } from '../contract/index.ts';
import { protocolIntroduction } from './protocolIntroduction.ts';

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
  default?: unknown;
  description?: string;
}

/** Objects that several requests and pushes use. */
const objects: Readonly<Record<string, { summary: string; schema: z.ZodType }>> = {
  JoinTicket: { summary: 'The response of `POST /api/v1/live/join`.', schema: JoinTicket },
  LectureView: { summary: 'A lecture, as the API shows it.', schema: LectureView },
  Lecture: {
    summary: 'A lecture. Its `state` is `scheduled` until it starts, then `live`, and at last `ended`. A live lecture is `interrupted` while no media arrives.',
    schema: Lecture,
  },
  Participant: {
    summary: 'A page in the room. An encoder has publications with a `participantId` of its own, but is not in the list of participants.',
    schema: Participant,
  },
  Publication: {
    summary:
      'A track that can be subscribed to. `program` is the finished mix of an encoder: one publication for its video and one for its audio, which belong together. ' +
      'A page publishes `camera`, `microphone` and `screen`; `screen` is its second video, and may have audio of its own.',
    schema: Publication,
  },
  ChatMessage: { summary: 'A message in the chat.', schema: ChatMessage },
  RecordingNote: { summary: 'Problems of the recording.', schema: RecordingNote },
  IngestHealth: { summary: 'What an encoder sends, measured over the last seconds.', schema: IngestHealth },
  RtpCapabilities: { summary: 'Codecs and header extensions that a side can receive. The objects of WebRTC have the names of ORTC and mediasoup.', schema: RtpCapabilities },
  RtpParameters: { summary: 'How a track is sent.', schema: RtpParameters },
  IceParameters: { summary: 'The ICE credentials of the server.', schema: IceParameters },
  IceCandidate: { summary: 'An address of the server.', schema: IceCandidate },
  DtlsParameters: { summary: 'The certificate of a side, and its role in the handshake.', schema: DtlsParameters },
  IceServer: { summary: 'A STUN or TURN server, as `RTCPeerConnection` takes it.', schema: IceServer },
};

/** The text of PROTOCOL.md. */
export function renderProtocol(): string {
  const objectTexts = Object.entries(objects).map(([name, { summary, schema }]) => section(name, summary, [table(schema)]));
  const requestTexts = Object.entries(requests).map(([name, { summary, request, ack }]) => section(name, summary, [titled('Data', request), titled('Acknowledgement', ack)]));
  const pushTexts = Object.entries(pushes).map(([name, { summary, data }]) => section(name, summary, [titled('Data', data)]));
  return `${[protocolIntroduction.trimEnd(), '## Objects', ...objectTexts, '## Requests', ...requestTexts, '## Pushes', ...pushTexts].join('\n\n')}\n`;
}

function section(name: string, summary: string, parts: readonly string[]): string {
  return [`### \`${name}\``, summary, ...parts].join('\n\n');
}

function titled(title: string, schema: z.ZodType): string {
  const rows = table(schema);
  return rows === '' ? `${title}: \`{}\`` : `${title}:\n\n${rows}`;
}

/** Empty for an object without fields. */
function table(schema: z.ZodType): string {
  const rows = fields(jsonOf(schema), '');
  return rows.length === 0 ? '' : `| field | type | |\n|---|---|---|\n${rows.map(([name, type, note]) => `| \`${name}\` | ${type} | ${note} |`).join('\n')}`;
}

function jsonOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

type Row = [name: string, type: string, note: string];

/** The fields of an object, and of the objects in it that have no name. */
function fields({ properties = {}, required = [] }: JsonSchema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([name, field]): Row[] => {
    const path = `${prefix}${name}${required.includes(name) ? '' : '?'}`;
    const own: Row = [path, describe(field), field.description ?? ''];
    const inner = unnamedObject(field);
    return inner ? [own, ...fields(inner, `${prefix}${name}${field.type === 'array' ? '[]' : ''}.`)] : [own];
  });
}

function unnamedObject(field: JsonSchema): JsonSchema | undefined {
  const inner = field.type === 'array' ? field.items : (field.anyOf?.find(({ properties }) => properties) ?? field);
  return inner?.properties && !objectNamed(inner) ? inner : undefined;
}

function describe(schema: JsonSchema): string {
  const byDefault = schema.default === undefined ? '' : `, default \`${JSON.stringify(schema.default)}\``;
  return `${typeOf(schema)}${boundsOf(schema)}${byDefault}`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  return namedType(schema) ?? [schema.type ?? 'any'].flat().join(' or ');
}

function namedType(schema: JsonSchema): string | undefined {
  const prefix = schema.pattern?.match(/^\^([a-z]{3})_/)?.[1];
  if (prefix) return `id \`${prefix}_…\``;
  if (schema.format === 'date-time') return 'date and time, ISO 8601 UTC';
  const object = objectNamed(schema);
  return object && `[\`${object}\`](#${object.toLowerCase()})`;
}

const objectNames = new Map(Object.entries(objects).map(([name, { schema }]) => [JSON.stringify(jsonOf(schema).properties), name]));

function objectNamed({ properties }: JsonSchema): string | undefined {
  return properties && objectNames.get(JSON.stringify(properties));
}

function boundsOf({ type, minimum, maximum, minLength, maxLength }: JsonSchema): string {
  if (type === 'integer' && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return `, ${Math.max(minimum ?? 0, 0)} to ${maximum}`;
  if (type === 'string' && maxLength !== undefined) return ` of ${minLength ?? 0} to ${maxLength} characters`;
  return '';
}
