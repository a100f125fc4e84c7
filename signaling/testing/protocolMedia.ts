/** The section of PROTOCOL.md for clients that have a WebRTC library with SDP, and no mediasoup-client. */
export const mediaWithoutLibrary = `## Media without mediasoup-client

A transport is one \`RTCPeerConnection\`. The server neither sends nor receives SDP. The client itself writes the offer of the server, and
its library creates the answer. The steps are the same in both directions:

1. \`transport.open\`.
2. For \`recv\`: \`track.subscribe\` for each publication. For \`send\`: add the tracks to the connection.
3. Write the offer, apply it with \`setRemoteDescription\`, and create the answer.
4. \`transport.connect\` with the \`a=fingerprint\` of the answer. The role is \`client\` if the answer has \`a=setup:active\`, and \`server\` if it
   has \`a=setup:passive\`. The server drops DTLS packets that arrive before this request.
5. Apply the answer with \`setLocalDescription\`. The library connects.
6. For \`recv\`: \`subscription.setPaused\` with \`isPaused: false\` for each subscription. A video subscription then begins with a keyframe.
   For \`send\`: \`track.publish\` for each track.

The offer has one media section for each track. In the template, \`transport\` stands for the \`parameters\` of \`transport.open\`, and
\`track\` for the \`rtpParameters\` of a subscription:

\`\`\`
v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
a=ice-lite
a=group:BUNDLE <mid> <mid> …
m=<kind> 7 UDP/TLS/RTP/SAVPF <payloadType> <payloadType> …
c=IN IP4 127.0.0.1
a=mid:<mid>
a=sendonly
a=ice-ufrag:<transport.iceParameters.usernameFragment>
a=ice-pwd:<transport.iceParameters.password>
a=candidate:<foundation> 1 <protocol> <priority> <ip> <port> typ <type>     one for each of transport.iceCandidates;
                                                                           " tcptype <tcpType>" follows for TCP
a=end-of-candidates
a=fingerprint:<algorithm> <value>                                          of transport.dtlsParameters.fingerprints
a=setup:actpass
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:<payloadType> <name>/<clockRate>                                  one for each of track.codecs; name is mimeType after
                                                                           the "/", and "/<channels>" follows for audio
a=fmtp:<payloadType> <name>=<value>;<name>=<value>                         its parameters, if it has any
a=rtcp-fb:<payloadType> <type> <parameter>                                 one for each of its rtcpFeedback
a=extmap:<id> <uri>                                                        one for each of track.headerExtensions
a=ssrc-group:FID <ssrc> <rtx.ssrc>                                         if track.encodings[0] has rtx
a=ssrc:<ssrc> cname:<track.rtcp.cname>                                     for each SSRC of track.encodings[0]
\`\`\`

- **Subscriptions:** \`mid\` is \`track.mid\`, which is unique on its transport. Tracks with the same \`cname\` are in sync. To add a track
  later, write a new offer with one more section. Keep the section of a closed subscription, with \`a=inactive\`.
- **\`rtpCapabilities\` of \`transport.open\`:** copy the room's \`rtpCapabilities\`, and remove what the library does not support. Leave the
  remaining entries unchanged. Remove the H.264 profiles that the library cannot decode. Remove a \`video/rtx\` codec if its \`apt\` is the
  \`preferredPayloadType\` of a removed codec; you may remove all of them. The only useful header extension is
  \`urn:ietf:params:rtp-hdrext:sdes:mid\`.
- **Publications:** the section of the offer has \`a=recvonly\`, any \`mid\`, and one codec of the room's \`rtpCapabilities\` with its
  \`preferredPayloadType\`. It has no \`a=extmap\` and no \`a=ssrc\` line. \`rtpParameters\` of \`track.publish\` is
  \`{ "mid", "codecs": [codec], "encodings": [{ "ssrc" }], "rtcp": { "cname" } }\`. \`codec\` is that codec of the room, with \`payloadType\`
  instead of \`kind\` and \`preferredPayloadType\`. \`ssrc\` and \`cname\` are from the first \`a=ssrc\` line of the same section in the answer.
  Keep numbers as numbers and strings as strings: \`"packetization-mode": 1\`, \`"profile-level-id": "42e01f"\`. The server requests
  keyframes with PLI.
- **ICE:** configure the connection with the \`iceServers\` of the ticket. They are needed only if the client cannot reach the server's
  candidates.`;
