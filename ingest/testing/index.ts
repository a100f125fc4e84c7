export { FakeIngestLecture, FakeIngestLectures, FakeRtpIngress, TakenFrames } from './FakeIngestLectures.ts';
export { advisedVideo, obsAudio, obsVideo, pushWithFfmpeg, testPicture, testTone } from './pushWithFfmpeg.ts';
export type { Push } from './pushWithFfmpeg.ts';
export { RtmpClient } from './RtmpClient.ts';
