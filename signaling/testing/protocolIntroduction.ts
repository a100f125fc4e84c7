import { chatBurstLimit, chatBurstWindowMs, chatHistoryLimit, errorCodes, joinTicketSeconds, maxCapabilitiesLength, maxChatTextLength } from '#engine/contract';
import { mediaCodecs } from '#engine/sfu';
import { costOf, requests, signalingNamespace } from '../contract/index.ts';
import type { RequestName } from '../contract/index.ts';
import * as limits from '../contract/limits.ts';
import { bytesPerRequestUnit, pingIntervalMs, pingTimeoutMs } from '../limits.ts';
import { mediaWithoutLibrary } from './protocolMedia.ts';

const codecRows = mediaCodecs.map(({ mimeType, clockRate, channels, parameters = {} }) => {
  const shown = Object.entries(parameters).filter(([name]) => !name.startsWith('x-')).map(([name, value]) => `\`${name}=${String(value)}\``);
  return `| \`${mimeType}\` | ${clockRate}${channels === undefined ? '' : `, ${channels} channels`} | ${shown.join(', ')} |`;
});

const expensive = (Object.keys(requests) as RequestName[]).filter((name) => costOf(name) > 1).map((name) => `\`${name}\``).join(', ');

/** PROTOCOL.md up to its tables of requests and pushes. */
export const protocolIntroduction = `# The room protocol

This document describes how a client takes part in a live lecture: a browser with mediasoup-client, or any other program.
It is generated from the zod tables in \`signaling/contract\`, which the server enforces, and from the text in
\`signaling/testing\`; a test compares it with them.

## Terms

| here | mediasoup-client | |
|---|---|---|
| room | | a live lecture, with everyone who has joined it |
| participant | | a page in the room. A person with two pages is two participants |
| user | | an account: a person |
| moderator | | a user with the role \`owner\` or \`assistant\` |
| presenter | | a participant that has joined with \`as: 'presenter'\`; only moderators can |
| transport, \`transportId\` | \`Transport\` | one WebRTC connection in one direction: \`send\` or \`recv\` |
| publication, \`publicationId\` | \`Producer\` | a track that a presenter or an encoder sends. \`trackId\` is mediasoup's id of the Producer, which mediasoup-client calls \`producerId\` |
| subscription, \`subscriptionId\` | \`Consumer\` | a track that a client receives. \`parameters.id\` is mediasoup's id of the Consumer |
| program | | the finished mix of an encoder such as OBS: one publication for its video and one for its audio |
| spatial, temporal layer | the same | a layer of a simulcast track; layer 0 is the lowest |

Ids that begin with \`trn_\`, \`pub_\` and \`sub_\` are Lectern's. Requests use these ids. mediasoup's ids are for mediasoup-client only;
other clients do not need them.

## Connection

The room is reached over Socket.IO 4 (Engine.IO 4), at the host of the API, with the path and the namespace of the
[\`JoinTicket\`](#jointicket). The namespace is \`${signalingNamespace}\`. The path is that of the node that owns the lecture, by default \`/socket.io\`. WebSocket and
HTTP long-polling work. One connection is one participant in one room.

- \`POST /api/v1/users/login\` with the JSON body \`{ "email", "password" }\` returns \`accessToken\`.
- \`POST /api/v1/live/join\` with the header \`Authorization: Bearer <accessToken>\` and the JSON body \`{ "lectureId": "lec_…" }\` returns a
  [\`JoinTicket\`](#jointicket): \`ticket\`, \`signaling\` (\`namespace\` and \`path\`) and \`iceServers\`. The ticket can be used once, within
  ${joinTicketSeconds} s. A refusal is a problem document (RFC 9457) with a \`code\`. \`GET /api/v1/openapi.json\` describes this API.
- The handshake carries no credentials; the ticket is sent with \`room.join\`. A full node refuses the namespace with a
  \`connect_error\` whose message is \`server.busy\`.
- The server pings every ${pingIntervalMs / 1000} s and closes a connection that does not answer within ${pingTimeoutMs / 1000} s.
- Switch off Socket.IO's own reconnection, because every connection needs a new ticket. After a disconnection, start again with
  \`POST /api/v1/live/join\`.

## Requests, acknowledgements and pushes

A **request** is one event with the data and an acknowledgement callback: \`socket.emit(name, data, ack)\`. The data is an object. It
may be left out if the request has no fields. An event without a callback is invalid. The callback receives one object:

\`\`\`
{ "ok": true, "data": { … } }
{ "ok": false, "error": { "code": "chat.slow", "message": "…", "retryAfterMs": 4000 } }
\`\`\`

\`message\` is a sentence for people. Errors with the code \`request.tooFrequent\` or \`chat.slow\` have \`retryAfterMs\`, and those with
\`internal\` have \`incidentId\`. Requests take effect in the order of arrival, except for requests that wait for media.
Acknowledgements can arrive in another order.

A **push** is an event of the server with one argument and no acknowledgement. Pushes arrive in the order in which the events happened.
A client ignores unknown pushes and unknown fields.

The client's first request is \`room.join\`. Its acknowledgement is the snapshot: the state of the room at that moment, with the first
people and the newest messages. All later changes arrive as pushes, and none is lost in between. A push can arrive before the
snapshot: keep it, and apply it after the snapshot. Until the room is joined, every other request is refused with \`auth.required\`.
A connection that has left the room can join again, with a new ticket.

Fields that end in \`Ms\` are in milliseconds. \`atMs\` and \`lectureClockMs\` are times on the lecture clock, which is 0 when the lecture
starts and never runs backwards.

## Media

This is the order of requests for a viewer, with mediasoup-client 3.24. \`request\` emits a request and returns the data of its
acknowledgement:

\`\`\`ts
const room = await request('room.join', { ticket });
const device = new Device();
await device.load({ routerRtpCapabilities: room.rtpCapabilities });

const { transportId, parameters } = await request('transport.open', { direction: 'recv', rtpCapabilities: device.recvRtpCapabilities });
const transport = device.createRecvTransport({ ...parameters, iceServers });
transport.on('connect', ({ dtlsParameters }, done, failed) => {
  request('transport.connect', { transportId, dtlsParameters }).then(done, failed);
});

for (const { id: publicationId, isStandby } of room.publications) {
  if (isStandby) continue;
  const { subscriptionId, parameters } = await request('track.subscribe', { transportId, publicationId });
  const { id, trackId: producerId, kind, rtpParameters } = parameters;
  const consumer = await transport.consume({ id, producerId, kind, rtpParameters });
  await request('subscription.setPaused', { subscriptionId, isPaused: false });
}
\`\`\`

A presenter joins with \`as: 'presenter'\`, opens a \`send\` transport, and publishes in the handler of its \`produce\` event:

\`\`\`ts
transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
  request('track.publish', { transportId, source: appData.source, kind, rtpParameters }).then(({ trackId }) => done({ id: trackId }), failed);
});
await transport.produce({ track, appData: { source: 'camera' } });
\`\`\`

- **ICE:** the server is an ICE Lite agent, and always in the controlled role. \`iceCandidates\` are all its candidates: host candidates
  over UDP and TCP. It needs no candidates of the client. After the client's network has changed, use \`transport.restartIce\`.
- **DTLS:** the server's role is \`auto\`. The client sends its own role in \`transport.connect\`, and the server takes the other one. If
  the client sends \`auto\`, the server is the DTLS client. mediasoup-client sends \`client\`.
- **Codecs:** the table below lists them. Publish H.264 if the client can: it is recorded without re-encoding. A track in a codec that
  is not in the table is refused with \`media.unsupported\`. A subscription is refused with the same code if the \`rtpCapabilities\` of
  its transport do not contain the codec of the track. The video of an encoder is H.264 and its audio is Opus; the video of a browser
  is H.264 or VP8.
- **Simulcast:** if \`isSimulcast\` is true, \`subscription.setPreferredLayers\` chooses between layers. \`subscription.layersChanged\` says
  which layers the server sends.
- **Media reset:** after a media worker has died, requests for transports and tracks can fail with \`media.unavailable\`. When
  \`media.reset\` arrives, open transports, publish and subscribe again, with the same device.
- **A lost transport:** the viewers of a large lecture are on several media workers. If only the worker of some viewers dies, these
  viewers receive \`transport.closed\` instead. Open another \`recv\` transport then, and subscribe again.
- **A full lecture:** \`transport.open\` for \`recv\` fails with \`lecture.full\` if the server cannot send the lecture to one more viewer. The
  room, its chat and the recording are still available to that viewer. Presenters, and people who received media in the last two
  minutes, are not refused.

| codec | clock rate | parameters |
|---|---|---|
${codecRows.join('\n')}

${mediaWithoutLibrary}

## Errors

| code | what a client does |
|---|---|
| \`auth.invalid\`, \`auth.expired\`, \`auth.reused\` | request a new ticket and join again; if that is refused too, log in again |
| \`lecture.notLive\` | request a ticket again after some seconds: the lecture has not started |
| \`access.denied\`, \`lecture.ended\`, \`lecture.notFound\`, \`participant.removed\`, \`participant.muted\` | tell the user; do not try again |
| \`request.tooFrequent\`, \`chat.slow\` | try again after \`retryAfterMs\` |
| \`media.unavailable\` | try again after some hundred milliseconds, or after \`media.reset\` |
| \`lecture.full\` | tell the user that the lecture is full, offer the recording, and try again after ten seconds |
| \`transport.notFound\` | open the transport again |
| \`publication.notFound\`, \`subscription.notFound\`, \`message.notFound\`, \`participant.notFound\` | nothing: the object no longer exists |
| \`media.unsupported\` | tell the user that this device cannot send or play the track; another subscription may succeed |
| \`server.stopping\`, \`lecture.elsewhere\`, \`database.unavailable\`, \`disk.full\` | try again in a few seconds |
| \`server.busy\` | try again in a minute: the node is full |
| \`auth.required\`, \`request.invalid\`, \`request.tooLarge\`, \`route.unknown\` | correct the client |
| \`internal\` | report \`incidentId\` to the operator of the server |

All codes of Lectern: ${errorCodes.map((code) => `\`${code}\``).join(', ')}.

## Limits

| what | limit |
|---|---|
| one packet | ${limits.maxPacketBytes / 1024} KiB; a larger one closes the connection |
| time from connecting to \`room.join\` | ${limits.joinTimeoutMs / 1000} s; on a full node, the oldest connections that have not joined are closed earlier |
| requests of one person, on all pages together | ${limits.requestUnitsPerSecond} units per second, in bursts of up to ${limits.requestUnitBurst}; requests beyond that fail with \`request.tooFrequent\`. ${expensive} cost ${limits.mediaRequestCost} units, all other requests 1; each ${bytesPerRequestUnit / 1024} KiB of data cost 1 more |
| \`rtpCapabilities\` | ${maxCapabilitiesLength / 1024} KiB as JSON |
| invalid, unknown or too frequent requests of one connection | ${limits.maxInvalidRequests}; then the connection is closed |
| pages of one user in one room | ${limits.maxPagesPerUser} as a viewer and ${limits.maxPagesPerUser} as a presenter; one more page replaces the oldest |
| subscriptions of one connection | ${limits.maxSubscriptions} |
| raised hands of one person | up to ${limits.handRaiseBurst} at once, then one every ${limits.handRaiseIntervalMs / 1000} s |
| chat messages of one user | ${chatBurstLimit} in ${chatBurstWindowMs / 1000} s, of up to ${maxChatTextLength} characters |
| chat history in the snapshot | the newest ${chatHistoryLimit} messages |
| people in the snapshot; people in a room up to which \`participant.joined\` and \`participant.left\` are sent | ${limits.rosterLimit}; for larger rooms, use \`roster.list\` and \`roster.counted\` |
`;
