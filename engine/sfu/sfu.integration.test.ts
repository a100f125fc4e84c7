import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LectureId } from '../contract/index.ts';
import { newId, systemClock } from '../kernel/index.ts';
import type { EncodedFrame, FrameSink, FrameTap, TrackFormat } from '../lecture/media.ts';
import type { MediaPlane, RtpIngress } from '../lecture/ports.ts';
import { findWorkerBinary } from '../setup/workerBinary.ts';
import { silentLogger, until } from '../testing/index.ts';
import { sfuConfig } from './config.ts';
import { createMediaPlane } from './createMediaPlane.ts';
import type { SfuTrack } from './SfuTrack.ts';

const config = { ...sfuConfig.parse({ LECTERN_RTC_WORKERS: 1 }), LECTERN_RTC_PORT: 0 };
const workerBin = findWorkerBinary(process.env);
const lectureId = () => LectureId.parse(newId('lec'));
const noFrames: FrameTap = { open: () => Promise.reject(new Error('not tapped here')) };

class Gathered implements FrameSink {
  readonly formats: TrackFormat[] = [];
  readonly frames: EncodedFrame[] = [];
  gaps = 0;
  isEnded = false;
  format(format: TrackFormat): void {
    this.formats.push(format);
  }
  frame(frame: EncodedFrame): void {
    this.frames.push(frame);
  }
  gap(): void {
    this.gaps += 1;
  }
  ended(): void {
    this.isEnded = true;
  }
}

/** A picture and a tone of the same moments, as the RTMP ingest's ffmpeg would send them. */
function pushRtp(video: RtpIngress, audio: RtpIngress): ChildProcess {
  const to = (ingress: RtpIngress) => `rtp://${ingress.host}:${ingress.rtpPort}?rtcpport=${ingress.rtcpPort}&pkt_size=1200`;
  const x264 = '-c:v libx264 -preset ultrafast -tune zerolatency -profile:v high -g 30 -pix_fmt yuv420p -bsf:v dump_extra=freq=keyframe';
  const command = [
    '-hide_banner -loglevel error -re -f lavfi -i testsrc=size=640x360:rate=30 -re -f lavfi -i sine=frequency=440:sample_rate=48000',
    `-map 0:v ${x264} -ssrc 1111 -payload_type 102 -f rtp ${to(video)}`,
    `-map 1:a -c:a libopus -ac 2 -b:a 96k -ssrc 2222 -payload_type 111 -f rtp ${to(audio)}`,
  ].join(' ');
  return spawn('ffmpeg', command.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}

describe('The media plane on a real worker', () => {
  let plane: MediaPlane;
  beforeAll(async () => {
    plane = await createMediaPlane({ config, workerBin, logger: silentLogger, clock: systemClock });
  });
  afterAll(() => plane.close());

  it('gives the frames of what ffmpeg sends over RTP, in order, sized and timed', async () => {
    const room = await plane.openRoom(lectureId());
    const video = await room.openRtpIngress({ kind: 'video', ssrc: 1111, payloadType: 102, profileLevelId: '640032', frames: noFrames });
    const audio = await room.openRtpIngress({ kind: 'audio', ssrc: 2222, payloadType: 111, frames: noFrames });
    const [pictures, sounds] = [new Gathered(), new Gathered()];
    await (video.track as SfuTrack).rtpFrames.open(pictures);
    await (audio.track as SfuTrack).rtpFrames.open(sounds);
    const startedAtUs = systemClock.nowMs() * 1000;
    const ffmpeg = pushRtp(video, audio);
    try {
      await until('six seconds of pictures', () => pictures.frames.length > 180 && sounds.frames.length > 300, 20_000);
    } finally {
      ffmpeg.kill('SIGKILL');
    }
    expect(pictures.formats[0]).toMatchObject({ codec: 'h264', widthPx: 640, heightPx: 360 });
    expect(sounds.formats[0]).toMatchObject({ codec: 'opus', sampleRateHz: 48_000, channelCount: 2 });
    console.log(pictures.formats, pictures.frames[0], (pictures.frames[0]!.presentationTimeUs-startedAtUs)/1000, (sounds.frames[0]!.presentationTimeUs-startedAtUs)/1000, pictures.frames.length, sounds.frames.length);
    room.close('lectureEnded');
    expect(pictures.isEnded && sounds.isEnded).toBe(true);
  });
});
