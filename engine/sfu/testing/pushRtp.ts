import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { RtpIngress } from '../../lecture/ports.ts';

export type Target = Pick<RtpIngress, 'host' | 'rtpPort' | 'rtcpPort'>;

/** Options of `openRtpIngress` for what `pushRtp` sends. */
export const pushedVideo = { kind: 'video', ssrc: 1111, payloadType: 102, profileLevelId: '42e01f' } as const;
export const pushedAudio = { kind: 'audio', ssrc: 1111, payloadType: 111 } as const;

/** ffmpeg sends a test video (640 × 360, 30 frames a second, a keyframe each second) and a tone that begin at the same moment. */
export function pushRtp(video: Target, audio: Target, beganAtMs: number): ChildProcess {
  const to = (target: Target) => `rtp://${target.host}:${target.rtpPort}?rtcpport=${target.rtcpPort}&pkt_size=1200`;
  const x264 = '-c:v libx264 -preset ultrafast -tune zerolatency -g 30 -pix_fmt yuv420p -bsf:v dump_extra=freq=keyframe';
  // Without it, each output of ffmpeg reports another time for the same moment.
  const began = `-start_time_realtime ${Math.round(beganAtMs * 1000)}`;
  const command = [
    '-hide_banner -loglevel error -re -f lavfi -i testsrc=size=640x360:rate=30 -re -f lavfi -i sine=frequency=440:sample_rate=48000',
    `-map 0:v ${x264} -ssrc 1111 -payload_type 102 ${began} -f rtp ${to(video)}`,
    `-map 1:a -c:a libopus -ac 2 -b:a 96k -ssrc 1111 -payload_type 111 ${began} -f rtp ${to(audio)}`,
  ].join(' ');
  return spawn('ffmpeg', command.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}
