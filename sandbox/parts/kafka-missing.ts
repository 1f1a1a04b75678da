const install: Partial<Record<NodeJS.Platform, string>> = {
  linux:
    'sudo apt-get install openjdk-17-jre-headless maven   (Debian, Ubuntu)\n    sudo dnf install java-21-openjdk-headless maven      (Fedora)',
  darwin: 'brew install openjdk@21 maven',
  win32: 'work inside WSL, and there: sudo apt-get install openjdk-17-jre-headless maven',
};

/** What to tell somebody whose machine offers nothing to run a broker with. */
export function howToGetKafka(platform: NodeJS.Platform): string {
  return [
    'No Kafka can be had on this machine. One of these mends it:',
    `  - Java 17 or newer and Maven (the broker is then fetched once, 44 MB):\n    ${install[platform] ?? 'see https://adoptium.net and https://maven.apache.org'}`,
    '  - a running Docker engine with docker compose',
    '  - a broker of yours: set KAFKA_BROKERS=host:port',
    'For `npm run demo` alone, `kcat` will do as well.',
  ].join('\n');
}
