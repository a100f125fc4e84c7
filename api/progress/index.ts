export { AttendanceStore } from './AttendanceStore.ts';
export { attendanceSummer, handleAttendance, sumWhenEnded } from './attendanceJobs.ts';
export { CourseProgress } from './CourseProgress.ts';
export { progressHandlers } from './progressHandlers.ts';
export { WatchedStore } from './WatchedStore.ts';
