import type { RtpCapabilities } from '#engine/contract';

/** What a device can receive of what a room sends. Each subscription is matched with it, so it holds nothing else. */
export function commonCapabilities(device: RtpCapabilities, room: RtpCapabilities): RtpCapabilities {
  const codecs = new Set(room.codecs?.map(({ mimeType }) => mimeType.toLowerCase()));
  const extensions = new Set(room.headerExtensions?.map(({ kind, uri }) => `${kind} ${uri}`));
  return {
    codecs: device.codecs?.filter(({ mimeType }) => codecs.has(mimeType.toLowerCase())) ?? [],
    headerExtensions: device.headerExtensions?.filter(({ kind, uri }) => extensions.has(`${kind} ${uri}`)) ?? [],
  };
}
