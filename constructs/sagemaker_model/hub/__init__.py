"""Ask the Hugging Face Hub about models; needs the extra ``hub``."""
