-- wrk script: sends requests that stand ready in a file, in an order that the seed decides.
-- Arguments: FILE (whole requests, each ending with an empty line), SEED.
-- A file that begins with POST holds one request with its body. It is sent again and again, each time with another
-- number in place of twelve zeros; the numbers come in no order, and another SEED begins elsewhere.
-- One thread only (-t1). Prints two lines: requests, seconds, failures, seconds of CPU; p50 and p99 of the latency in
-- milliseconds.

local loader
local requests = {}
local template, number

function setup(thread)
    loader = thread
end

function init(args)
    local file = assert(io.open(args[1], "rb"))
    local text = file:read("*a")
    file:close()
    if text:sub(1, 5) == "POST " then
        template, number = text, tonumber(args[2]) * 1000000
    end
    for request in text:gmatch("(.-\r\n\r\n)") do
        requests[#requests + 1] = request
    end
    math.randomseed(tonumber(args[2]))
    ready_at = os.clock() -- global: done() asks for it
end

function request()
    if not template then
        return requests[math.random(#requests)]
    end
    number = number + 1
    -- A factor without 2 and 5: each number below 10^12 comes once before one comes again.
    return (template:gsub("000000000000", string.format("%012d", number * 48271 % 1000000000000)))
end

function done(summary, latency)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print(string.format("replayed %d %.6f %d %.6f", summary.requests, summary.duration / 1e6, failures,
        os.clock() - loader:get("ready_at")))
    print(string.format("latency %.3f %.3f", latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
