import { served } from './served.js';

describe('GET /metrics', () => {
  it('answers in the text format of Prometheus', async () => {
    const { app, metrics } = await served();
    metrics.requestsTaken.inc({ type: 'pick' });
    const response = await app.inject('/metrics');
    await app.close();
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.body).toContain('usher_requests_taken_total{type="pick"} 1\n');
  });
});
