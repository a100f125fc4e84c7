// A process with a media plane that receives RTP, for a test that interrupts its process group as Ctrl-C does. It prints
// `ready`, `interrupted` and `frame`, and ends on SIGTERM.
import { createSocket } from 'node:dgram';
import { createLogger, systemClock } from '../../kernel/index.ts';
import { LectureId } from '../../contract/index.ts';
import { newId } from '../../kernel/newId.ts';
import { findWorkerBinary } from '../../setup/workerBinary.ts';
import { sfuConfig } from '../config.ts';
import { createMediaPlane } from '../createMediaPlane.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const config = sfuConfig.parse({ LECTERN_RTC_WORKERS: 1, LECTERN_RTC_PORT: 0 });
const logger = createLogger({ level: 'info' });
const plane = await createMediaPlane({ config, workerBin: findWorkerBinary(process.env), ffmpegCommand: 'ffmpeg', logger, clock: systemClock });
const room = await plane.openRoom(LectureId.parse(newId('lec')));
const { track, rtpPort, host } = await room.openRtpIngress({ kind: 'audio', ssrc: 1111, payloadType: 111 });
room.onClosed((reason) => say(`closed ${reason}`));

const socket = createSocket('udp4');
let sequence = 0;
const sending = setInterval(() => {
  sequence += 1;
  const packet = Buffer.alloc(15);
  packet.set([0x80, 111]);
  packet.writeUInt16BE(sequence % 0x10000, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(1111, 8);
  packet.set([0xf8, 0xff, 0xfe], 12);
  socket.send(packet, rtpPort, host);
}, 20);
await track.frames.open({ format: () => say('ready'), frame: () => say('frame'), ended: () => say('ended') });

process.on('SIGINT', () => say('interrupted'));
process.once('SIGTERM', () => {
  clearInterval(sending);
  socket.close();
  void plane.close();
});
