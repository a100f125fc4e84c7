export { FakeIngestLecture, FakeIngestLectures, RecordedFrames } from './FakeIngestLectures.ts';
export { FakeRtpIngress } from './FakeRtpIngress.ts';
export { advisedVideo, obsAudio, obsVideo, pushWithFfmpeg, testVideo, testAudio } from './pushWithFfmpeg.ts';
export type { Push } from './pushWithFfmpeg.ts';
export { readFlvFile } from './readFlvFile.ts';
export { RtmpClient } from './RtmpClient.ts';
export { commandBody, handshakeBytes, messageBytes, publishBytes } from './rtmpBytes.ts';
export type { Amf, RtmpMessage } from './rtmpBytes.ts';
