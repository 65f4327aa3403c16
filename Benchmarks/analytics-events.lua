-- For wrk: POST /analytics/events, 100 new events each, what one learner did in one course on one day. Ids are random, so that
-- threads and runs don't share any.
local seed = io.open("/dev/urandom", "rb"):read(4)
local number = 0
for index = 1, 4 do number = number * 256 + seed:byte(index) end
math.randomseed(number)

local kinds = { "view", "time_spent", "completion" }
local headers = {
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
}

local function id()
    local random = math.random
    return string.format("%04x%04x-%04x-4%03x-8%03x-%04x%04x%04x", random(0, 65535), random(0, 65535),
        random(0, 65535), random(0, 4095), random(0, 4095), random(0, 65535), random(0, 65535), random(0, 65535))
end

local function batch()
    local events = {}
    local course, day = math.random(1, 20), math.random(1, 28)
    for index = 1, 100 do
        local kind = kinds[index % 3 + 1]
        local seconds = kind == "time_spent" and string.format(',"seconds":%d', math.random(1, 900)) or ""
        events[index] = string.format(
            '{"id":"%s","type":"%s","knowledge_id":%d,"chapter_id":"chapter-%d","language":"en"%s,"occurred_at":"2026-03-%02dT10:%02d:%02dZ"}',
            id(), kind, course, math.random(1, 12), seconds, day, math.random(0, 59), math.random(0, 59))
    end
    return wrk.format("POST", "/analytics/events", headers, '{"events":[' .. table.concat(events, ",") .. "]}")
end

-- Written before the clock runs: the load shares its core with PostgreSQL.
local ready = {}

function init()
    for index = 1, 4000 do ready[index] = batch() end
end

function request()
    return table.remove(ready) or batch()
end

function response(status)
    if status ~= 202 then
        io.stderr:write("answered ", status, "\n")
        os.exit(1)
    end
end
