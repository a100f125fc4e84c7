import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../app/services.ts';
import { RoomConnection } from './RoomConnection.ts';

/** Request timeout. The caller retries, so a longer timeout would only delay joining. */
const requestTimeoutMs = 10_000;

/** The connection to the room of a lecture, for as long as the page is open. It does not start while `isHeld` is true. */
export function useRoomConnection(lectureId: string, as: 'presenter' | 'viewer', isHeld = false): RoomConnection {
  const connection = useMemo(() => {
    const inTime = () => ({ signal: AbortSignal.timeout(requestTimeoutMs) });
    const fetchState = async () => (await api.getLecture({ params: { lectureId } }, inTime())).state;
    return new RoomConnection({ as, fetchTicket: () => api.joinLecture({ body: { lectureId } }, inTime()), fetchState });
  }, [lectureId, as]);
  useEffect(() => {
    if (!isHeld) connection.start();
  }, [connection, isHeld]);
  useEffect(() => {
    const leave = () => connection.close();
    // A page restored from the back/forward cache has already left the room.
    const comeBack = ({ persisted }: PageTransitionEvent) => persisted && location.reload();
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', comeBack);
      leave();
    };
  }, [connection]);
  return connection;
}
