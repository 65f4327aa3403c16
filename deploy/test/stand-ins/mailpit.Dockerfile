# A mail server that takes everything and keeps nothing; of Mailpit only its port for SMTP.
FROM debian:12.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3-aiosmtpd && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["python3", "-m", "aiosmtpd", "-n", "-l", "0.0.0.0:1025", "-c", "aiosmtpd.handlers.Sink"]
