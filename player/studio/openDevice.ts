import type { LocalSourceKind } from '../live/trackEncodings.ts';

/** Opens a device of this computer, or lets the user pick a screen. Throws the browser's error. */
export type OpenDevice = (deviceId?: string) => Promise<MediaStreamTrack>;

/** Insecure pages have no `mediaDevices`. */
export function hasDevices(): boolean {
  return isSecureContext && (navigator as { mediaDevices?: MediaDevices }).mediaDevices !== undefined;
}

export const openDevice: Record<LocalSourceKind, OpenDevice> = {
  camera: async (deviceId) => {
    const video = { ...chosen(deviceId), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    return firstTrack(await navigator.mediaDevices.getUserMedia({ video }));
  },
  microphone: async (deviceId) => {
    const audio = { ...chosen(deviceId), echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return firstTrack(await navigator.mediaDevices.getUserMedia({ audio }));
  },
  screen: async () => {
    const video = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } };
    const track = firstTrack(await navigator.mediaDevices.getDisplayMedia({ video, audio: false }));
    // Prefer sharp text to smooth motion.
    track.contentHint = 'detail';
    return track;
  },
};

function chosen(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
}

function firstTrack(stream: MediaStream): MediaStreamTrack {
  const track = stream.getTracks()[0];
  if (!track) throw new DOMException('The device gave no track.', 'NotFoundError');
  return track;
}
