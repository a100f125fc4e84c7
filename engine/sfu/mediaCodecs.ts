import type { types } from 'mediasoup';

/** H.264 profiles (profile-level-id, RFC 6184 §8.1) of a room. Every browser supports the first one. */
const h264Profiles = ['42e01f', '42001f', '4d001f', '640c1f', '640032'];

/** Start bitrate of a Chromium publisher, kbit/s; its own default is 300. */
const startBitrateKbps = 1000;

/** The codecs of a room: Opus, H.264 and, for browsers without H.264, VP8. */
export const mediaCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1, usedtx: 1 } },
  ...h264Profiles.map((profile): types.RouterRtpCodecCapability => ({
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': profile,
      'level-asymmetry-allowed': 1,
      'x-google-start-bitrate': startBitrateKbps,
    },
  })),
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, parameters: { 'x-google-start-bitrate': startBitrateKbps } },
];
