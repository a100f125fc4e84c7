/** The section of PROTOCOL.md for clients that have a WebRTC library with SDP, and no mediasoup-client. */
export const mediaWithoutLibrary = `## Media without mediasoup-client

A transport is one \`RTCPeerConnection\`. The server sends and receives no SDP: the client writes the server's side as an offer, and its
library makes the answer. The steps are the same in both directions:

1. \`transport.open\`.
2. For \`recv\`: \`track.subscribe\` for each publication. For \`send\`: add the tracks to the connection.
3. Write the offer, apply it with \`setRemoteDescription\`, and create the answer.
4. \`transport.connect\` with the \`a=fingerprint\` of the answer, and with the role \`client\` if the answer has \`a=setup:active\`, \`server\` if it
   has \`a=setup:passive\`. The server drops DTLS that arrives earlier.
5. Apply the answer with \`setLocalDescription\`. The library connects.
6. For \`recv\`: \`subscription.setPaused\` with \`isPaused: false\` for each subscription. A video subscription then begins with a keyframe.
   For \`send\`: \`track.publish\` for each track.

The offer has one media section for each track. \`transport\` stands for the \`parameters\` of \`transport.open\`, \`track\` for the
\`rtpParameters\` of a subscription:

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

- **Subscriptions:** \`mid\` is \`track.mid\`, which is unique on its transport. Tracks with the same \`cname\` are in sync. A later track is
  one more section in a new offer; a section whose subscription has closed stays, with \`a=inactive\`.
- **\`rtpCapabilities\` of \`transport.open\`:** the entries of the room's \`rtpCapabilities\` that the library supports, unchanged. Of the
  codecs, leave out the H.264 profiles that it cannot decode; of \`video/rtx\`, keep those whose \`apt\` is the \`preferredPayloadType\` of a
  codec that is kept, or none; of the header extensions, only \`urn:ietf:params:rtp-hdrext:sdes:mid\` is worth having.
- **Publications:** the section has \`a=recvonly\`, any \`mid\`, and of the room's \`rtpCapabilities\` the codec to be published, with its
  \`preferredPayloadType\`; no \`a=extmap\` and no \`a=ssrc\` line. \`rtpParameters\` of \`track.publish\` is
  \`{ "mid", "codecs": [codec], "encodings": [{ "ssrc" }], "rtcp": { "cname" } }\`: the codec of the room with \`payloadType\` in place of
  \`kind\` and \`preferredPayloadType\`, and the SSRC and CNAME of the first \`a=ssrc\` line of the answer's section. Numbers stay numbers
  and strings stay strings: \`"packetization-mode": 1\`, \`"profile-level-id": "42e01f"\`. The server asks for keyframes by PLI.
- **ICE:** apply the \`iceServers\` of the ticket to the connection. They are needed only where the client cannot reach the candidates.`;
