-- wrk: asks for the paths of the file that PATHS names, one after the other, and counts what is no 200.
local paths = {}
for path in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = path end
local position = 0

request = function()
    position = position % #paths + 1
    return wrk.format("GET", paths[position])
end

done = function(summary, latency)
    io.write(string.format("RESULT %.1f %.2f %d\n", summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, summary.errors.status + summary.errors.connect + summary.errors.timeout))
end
