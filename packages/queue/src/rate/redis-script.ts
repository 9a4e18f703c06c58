/**
 * The counter in Redis, in the form rate-limiter-flexible asks for: takes points and a duration, gives what is consumed in the present window and how many
 * milliseconds it lasts. The library's own script knows whole seconds only: here its "seconds" are milliseconds. A window that follows another one at once
 * begins where that one ended, so that nothing of a rate is lost to the time between asking.
 * Times are the server's. A window that ends further ahead than it is long is from before the clock was put back, and is over.
 */
export const TAKE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local length = tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'points', 'until')
local points = tonumber(kept[1]) or 0
local ends = tonumber(kept[2]) or 0
if ends <= now or ends > now + length + 1000 then
  points = 0
  if ends <= now and ends + length > now then ends = ends + length else ends = now + length end
end
points = points + tonumber(ARGV[1])
redis.call('HSET', KEYS[1], 'points', string.format('%.0f', points), 'until', string.format('%.0f', ends))
redis.call('PEXPIRE', KEYS[1], length * 2 + 1000)
return {points, ends - now}
`;
