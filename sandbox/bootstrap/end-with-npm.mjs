/** `kill -9` of npm reaches nobody else: only the change of parent tells. Ends this process as a closed terminal would. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGHUP');
  }, 500);
  look.unref();
}
