import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import type { RoomSnapshot } from '#signaling/contract';

/** The browser's side of WebRTC for a room, with the formats that the browser supports now. Undefined if it has no WebRTC. */
export async function loadDevice(rtpCapabilities: RoomSnapshot['rtpCapabilities']): Promise<Device | undefined> {
  try {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: rtpCapabilities as types.RtpCapabilities });
    return device;
  } catch {
    return undefined;
  }
}

export function receivesTheSame(a: Device, b: Device): boolean {
  return JSON.stringify(a.recvRtpCapabilities) === JSON.stringify(b.recvRtpCapabilities);
}
