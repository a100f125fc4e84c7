import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../app/services.ts';
import { RoomConnection } from './RoomConnection.ts';

/** A request that is not answered is made again by whoever asks; waiting longer only keeps the page out. */
const answerWithinMs = 10_000;

/** A connection to the room of a lecture, for as long as the page is open. With `isHeld` it waits to be started. */
export function useRoomConnection(lectureId: string, as: 'presenter' | 'viewer', isHeld = false): RoomConnection {
  const connection = useMemo(() => {
    const inTime = () => ({ signal: AbortSignal.timeout(answerWithinMs) });
    const fetchState = async () => (await api.getLecture({ params: { lectureId } }, inTime())).state;
    return new RoomConnection({ as, fetchTicket: () => api.joinLecture({ body: { lectureId } }, inTime()), fetchState });
  }, [lectureId, as]);
  useEffect(() => {
    if (!isHeld) connection.start();
  }, [connection, isHeld]);
  useEffect(() => {
    const leave = () => connection.close();
    // A page that the browser has kept and shows again has left the room, and its pictures with it.
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
