-- wrk script: sends requests that stand ready in a file, in an order that the seed decides.
-- Arguments: FILE (whole requests, each ending with an empty line), SEED.
-- One thread only (-t1). Prints one line: requests, seconds, failures, seconds of CPU.

local loader
local requests = {}

function setup(thread)
    loader = thread
end

function init(args)
    local file = assert(io.open(args[1], "rb"))
    for request in file:read("*a"):gmatch("(.-\r\n\r\n)") do
        requests[#requests + 1] = request
    end
    file:close()
    math.randomseed(tonumber(args[2]))
    ready_at = os.clock() -- global: done() asks for it
end

function request()
    return requests[math.random(#requests)]
end

function done(summary)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print(string.format("replayed %d %.6f %d %.6f", summary.requests, summary.duration / 1e6, failures,
        os.clock() - loader:get("ready_at")))
end
