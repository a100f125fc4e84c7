import { createSocket } from 'node:dgram';
import { systemClock } from '../kernel/index.ts';
import { findWorkerBinary } from '../setup/workerBinary.ts';
import { describeMediaPlaneConformance } from '../testing/mediaPlaneConformance.ts';
import type { OpenedMediaPlane } from '../testing/MediaPlaneBench.ts';
import { sfuConfig } from './config.ts';
import { createMediaPlane } from './createMediaPlane.ts';
import { recordingLogger } from './testing/recordingLogger.ts';

/** An RTP packet of 20 ms of Opus silence. */
function rtpPacket(sequence: number, { ssrc, payloadType }: { ssrc: number; payloadType: number }): Buffer {
  const packet = Buffer.alloc(15);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(payloadType, 1);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.set([0xf8, 0xff, 0xfe], 12);
  return packet;
}

async function openSfu(settings: Record<string, unknown>): Promise<OpenedMediaPlane> {
  const { logger, find } = recordingLogger();
  const config = sfuConfig.parse({ LECTERN_RTC_PORT: 0, ...settings });
  const plane = await createMediaPlane({ config, workerBin: findWorkerBinary(process.env), ffmpegCommand: 'ffmpeg', logger, clock: systemClock });
  const socket = createSocket('udp4');
  let sequence = 0;
  return {
    plane,
    sendMedia: (ingress, options) => socket.send(rtpPacket((sequence += 1), options), ingress.rtpPort, ingress.host),
    killWorker: () => void process.kill(Number(find('mediaRoom.opened').at(-1)?.['workerPid']), 'SIGKILL'),
    cleanup: async () => {
      socket.close();
      await plane.close();
    },
  };
}

describeMediaPlaneConformance('The SFU', () => openSfu({ LECTERN_RTC_WORKERS: 1 }));
describeMediaPlaneConformance('The SFU with its viewers on another worker', () => openSfu({ LECTERN_RTC_WORKERS: 2, LECTERN_RTC_HOME_SHARE: 0 }));
