"""The process: start, web server, processes, jobs, scheduler, watcher, log and console."""
