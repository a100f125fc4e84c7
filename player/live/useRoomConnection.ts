import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../app/services.ts';
import { RoomConnection } from './RoomConnection.ts';

/** A connection to the room of a lecture, for as long as the page is open. With `isHeld` it waits to be started. */
export function useRoomConnection(lectureId: string, as: 'presenter' | 'viewer', isHeld = false): RoomConnection {
  const connection = useMemo(() => {
    const fetchState = async () => (await api.getLecture({ params: { lectureId } })).state;
    return new RoomConnection({ as, fetchTicket: () => api.joinLecture({ body: { lectureId } }), fetchState });
  }, [lectureId, as]);
  useEffect(() => {
    if (!isHeld) connection.start();
  }, [connection, isHeld]);
  useEffect(() => {
    const leave = () => connection.close();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [connection]);
  return connection;
}
